// A reader who points into curves sees the values of all of them at that place.
import {element, svgElement} from './elements.js';
import {number} from './numbers.js';
import {plotAt} from './plots.js';
import {styleOf} from './styles.js';
import {hideTooltip, showTooltip} from './tooltip.js';

/// The point that holds at x: for steps the last one before it, else the nearest.
function pointAt(series, x, distance) {
  if (series.steps) return series.points.findLast((point) => point[0] <= x);
  let best;
  for (const point of series.points)
    if (best === undefined || distance(point[0], x) < distance(best[0], x)) best = point;
  return best;
}

/// The place of the points where they all have one, else about where the pointer is.
function placeOf(shown, x) {
  const [first] = shown[0].point;
  return shown.every(({point}) => point[0] === first) ? number(first) : number(Number(x.toPrecision(4)));
}

function line({series, point}) {
  const [, y, low, high] = point;
  const dot = svgElement(
      'svg', {width: 10, height: 10, 'aria-hidden': 'true'},
      svgElement('circle', {cx: 5, cy: 5, r: 4, fill: styleOf(series.style).color}));
  const band = low === undefined ? '' : ` (${number(low)} … ${number(high)})`;
  return element('div', {}, dot, ` ${series.name}: `, element('b', {}, number(y)), band);
}

export function connectHover(view) {
  const {content} = view.figure;
  view.plot.addEventListener('pointerleave', hideTooltip);
  if (content.kind !== 'lines') return;
  let cross = null;
  const clear = () => {
    cross?.remove();
    cross = null;
    hideTooltip();
  };
  view.plot.addEventListener('pointerleave', clear);
  view.plot.addEventListener('pointermove', (event) => {
    clear();
    const place = plotAt(view, event);
    if (!place || event.buttons !== 0) return;
    const scale = view.vega.scale('x');
    const x = scale.invert(place.x);
    const distance = (a, b) => Math.abs(scale(a) - scale(b));
    const shown = content.panels[place.index]
                      .series.filter((series) => !view.hidden.has(series.name))
                      .map((series) => ({series, point: pointAt(series, x, distance)}))
                      .filter(({point}) => point && point[1] !== null)
                      .sort((a, b) => a.series.right - b.series.right || b.point[1] - a.point[1]);
    if (shown.length === 0) return;
    cross = svgElement(
        'path', {class: 'cross', d: `M${place.plot.x + place.x},${place.plot.y}v${place.plot.height}`});
    view.svg().querySelector('g').append(cross);
    showTooltip(
        event, [element('strong', {}, `${content.x.title}: ${placeOf(shown, x)}`), ...shown.map(line)]);
  });
}
