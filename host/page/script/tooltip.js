// One small box for the values at which a reader points.
import {element} from './elements.js';

const AWAY = 14;  // pixels from the pointer
let box = null;

export function showTooltip(event, children) {
  box ??= document.body.appendChild(element('div', {class: 'tooltip', role: 'status'}));
  box.replaceChildren(...children);
  box.hidden = false;
  const {clientX, clientY} = event;
  const {width, height} = box.getBoundingClientRect();
  const left = clientX + AWAY + width > innerWidth ? clientX - AWAY - width : clientX + AWAY;
  const top = clientY + AWAY + height > innerHeight ? clientY - AWAY - height : clientY + AWAY;
  box.style.left = `${Math.max(4, left)}px`;
  box.style.top = `${Math.max(4, top)}px`;
}

export function hideTooltip() {
  if (box) box.hidden = true;
}

/// How Vega asks for it: an item's text of several lines, or nothing.
export function vegaTooltip(handler, event, item, value) {
  if (value === null || value === undefined || value === '') return hideTooltip();
  const [first, ...others] = String(value).split('\n');
  showTooltip(event, [element('strong', {}, first), ...others.map((line) => element('div', {}, line))]);
}
