// The legend of the page: a button for each method, which hides it or shows it again.
import {element, svgElement} from './elements.js';
import {hiddenNames, toggleName} from './hidden.js';
import {styleOf} from './styles.js';

const PATHS = {
  circle: 'M-4,0a4,4,0,1,0,8,0a4,4,0,1,0,-8,0',
  square: 'M-3.5,-3.5h7v7h-7Z',
  'triangle-up': 'M-4.5,3.5h9l-4.5,-8Z',
  'triangle-down': 'M-4.5,-3.5h9l-4.5,8Z',
  'triangle-right': 'M-3.5,-4.5v9l8,-4.5Z',
  'triangle-left': 'M3.5,-4.5v9l-8,-4.5Z',
  diamond: 'M0,-5l4,5l-4,5l-4,-5Z',
  cross: 'M-4.5,-1.5h3v-3h3v3h3v3h-3v3h-3v-3h-3Z'
};

/// The names that a figure can hide, each once: {name, style, line}.
export function entriesOf(content) {
  const named = {
    lines: () => content.panels.flatMap((panel) => panel.series.map((series) => ({...series, line: true}))),
    scatter: () => content.clouds.map((cloud) => ({...cloud, line: cloud.front})),
    // Its rows have their names beside them: only those that are hidden need a button.
    intervals: () => content.rows.filter((row) => hiddenNames.has(row.name))
  };
  const entries = new Map();
  for (const entry of named[content.kind]?.() ?? [])
    if (!entries.has(entry.name)) entries.set(entry.name, entry);
  return [...entries.values()];
}

function sample({style, line, right}) {
  const {color, dash, shape} = styleOf(style);
  const parts = [svgElement('path', {d: PATHS[shape], fill: color, transform: 'translate(13,6)'})];
  if (line)
    parts.unshift(svgElement(
        'path',
        {d: 'M0,6H26', stroke: color, 'stroke-width': 2, 'stroke-dasharray': dash.join(' ') || null}));
  return svgElement(
      'svg', {width: 26, height: 12, opacity: right ? 0.5 : 1, 'aria-hidden': 'true'}, ...parts);
}

export function legendButtons(content) {
  return entriesOf(content).map(
      (entry) => element(
          'button', {
            type: 'button',
            class: 'entry',
            'aria-pressed': String(!hiddenNames.has(entry.name)),
            title: 'hide or show in all figures',
            click: () => toggleName(entry.name)
          },
          sample(entry), element('span', {}, entry.name)));
}
