// Zoom: a drag selects what to see, the wheel with Ctrl comes nearer, and buttons do the same for the
// keyboard.
import {isShown} from './axes.js';
import {button, svgElement} from './elements.js';
import {plotAt, pointIn} from './plots.js';

const STEP = 1.5;
const LEAST = 6;  // pixels: less is a click

export function canZoom(content) {
  return content.kind === 'lines' || content.kind === 'scatter';
}

/// Zooms to a rectangle of a plot, in its pixels.
function zoomTo(view, left, right, top, bottom) {
  const x = view.vega.scale('x');
  const y = view.vega.scale('y');
  const zoom = {x: [x.invert(left), x.invert(right)], y: [y.invert(bottom), y.invert(top)]};
  const sound = [zoom.x, zoom.y].every(
      ([low, high]) =>
          isShown(low) && isShown(high) && high - low > 1e-12 * Math.max(Math.abs(low), Math.abs(high)));
  if (sound) view.draw({zoom});
}

/// Comes nearer by a factor to a place, by default to the middle.
function zoomBy(view, factor, place) {
  const plot = place?.plot ?? view.plots[0];
  if (!plot) return;
  const x = place?.x ?? plot.width / 2;
  const y = place?.y ?? plot.height / 2;
  zoomTo(view, x - x / factor, x + (plot.width - x) / factor, y - y / factor, y + (plot.height - y) / factor);
}

export function zoomButtons(view) {
  if (!canZoom(view.figure.content)) return [];
  return [
    button('+', 'zoom in', () => zoomBy(view, STEP)), button('−', 'zoom out', () => zoomBy(view, 1 / STEP)),
    button('↺', 'show everything again', () => view.draw({zoom: null}))
  ];
}

export function connectZoom(view) {
  if (!canZoom(view.figure.content)) return;
  view.plot.addEventListener('wheel', (event) => {
    const place = plotAt(view, event);
    if (!place || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    zoomBy(view, event.deltaY < 0 ? STEP : 1 / STEP, place);
  }, {passive: false});
  view.plot.addEventListener('pointerdown', (event) => {
    const start = plotAt(view, event);
    // A finger scrolls the page.
    if (!start || event.button !== 0 || event.pointerType === 'touch') return;
    event.preventDefault();
    drag(view, start, event.pointerId);
  });
}

function drag(view, start, pointer) {
  const {plot} = start;
  const frame = svgElement('path', {class: 'selection'});
  view.svg().querySelector('g').append(frame);
  let end = start;
  const follow = new AbortController();
  const options = {signal: follow.signal};
  const clamp = (value, most) => Math.min(most, Math.max(0, value));
  view.plot.setPointerCapture(pointer);
  view.plot.addEventListener('pointermove', (event) => {
    const point = pointIn(view, event);
    end = {x: clamp(point.x - plot.x, plot.width), y: clamp(point.y - plot.y, plot.height)};
    frame.setAttribute(
        'd',
        `M${plot.x + start.x},${plot.y + start.y}H${plot.x + end.x}V${plot.y + end.y}H${plot.x + start.x}Z`);
  }, options);
  const stop = (zoom) => {
    follow.abort();
    frame.remove();
    const across = [start.x, end.x].sort((a, b) => a - b);
    const along = [start.y, end.y].sort((a, b) => a - b);
    if (zoom && across[1] - across[0] >= LEAST && along[1] - along[0] >= LEAST)
      zoomTo(view, ...across, ...along);
  };
  view.plot.addEventListener('pointerup', () => stop(true), options);
  view.plot.addEventListener('pointercancel', () => stop(false), options);
}
