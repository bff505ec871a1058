// The values of a figure as a table, for who reads numbers or cannot see the picture.
import {element} from './elements.js';
import {number} from './numbers.js';
import {sortable} from './sort.js';

const MOST = 5000;  // rows: more would stop the browser for seconds

const KINDS = {
  lines: ({panels, x, y, right}) => ({
    head:
        [...(panels.length > 1 ? ['panel'] : []), 'name', x.title, right ? 'value' : y.title, 'low', 'high'],
    rows: panels.flatMap(
        (panel) => panel.series.flatMap(
            (series) => series.points.map(
                ([
                  at, value, low, high
                ]) => [...(panels.length > 1 ? [panel.title] : []), series.name, at, value, low, high])))
  }),
  intervals: ({rows, x}) => ({
    head: ['name', x.title, 'low', 'high', 'published', 'note'],
    rows: rows.map((row) => [row.name, row.value, ...(row.interval ?? [null, null]), row.published, row.note])
  }),
  heat_map: ({groups, x, columns, meaning}) => ({
    head: ['choice', 'candidate', x.title, meaning],
    rows: groups.flatMap(
        (group) => group.rows.flatMap(
            (row, r) => group.values[r].map((value, c) => [group.name, row, columns[c], value])))
  }),
  scatter: ({clouds, x, y}) => ({
    head: ['group', 'name', x.title, y.title],
    rows: clouds.flatMap((cloud) => cloud.dots.map((dot) => [cloud.name, dot.name, dot.x, dot.y]))
  }),
  ranks: ({methods}) =>
      ({head: ['name', 'mean rank'], rows: methods.map((method) => [method.name, method.rank])})
};

function cell(value) {
  if (typeof value === 'string') return element('td', {}, value);
  const known = typeof value === 'number';
  return element('td', {class: 'number', 'data-number': known ? value : null}, number(value));
}

export function valuesTable(title, content) {
  const {head, rows} = KINDS[content.kind](content);
  const table = element(
      'table', {class: 'data'}, element('caption', {class: 'quiet'}, title),
      element('thead', {}, element('tr', {}, ...head.map((name) => element('th', {scope: 'col'}, name)))),
      element('tbody', {}, ...rows.slice(0, MOST).map((row) => element('tr', {}, ...row.map(cell)))));
  sortable(table);
  const box = element('div', {class: 'scroll', tabindex: 0, role: 'region', 'aria-label': title}, table);
  if (rows.length > MOST)
    box.append(
        element('p', {}, `The first ${MOST} of ${rows.length} rows; report.json beside this page has all.`));
  return box;
}
