// Brings the page to life: draws the figures that are seen, and makes tables sortable.
import {FigureView} from './figure_view.js';
import {connectGroups} from './groups.js';
import {sortable} from './sort.js';

export function startPage() {
  const {figures} = JSON.parse(document.getElementById('figures').textContent);
  const byId = new Map(figures.map((figure) => [figure.id, figure]));
  for (const place of document.querySelectorAll('figure[data-figure]')) {
    const figure = byId.get(place.dataset.figure);
    if (figure) new FigureView(place, figure);
  }
  for (const group of document.querySelectorAll('.group')) connectGroups(group);
  for (const table of document.querySelectorAll('table.data')) sortable(table);
  printWhole();
}

/// What is folded is printed, too.
function printWhole() {
  let opened = [];
  addEventListener('beforeprint', () => {
    opened = [...document.querySelectorAll('details.section:not([open])')];
    for (const section of opened) section.open = true;
  });
  addEventListener('afterprint', () => {
    for (const section of opened) section.open = false;
  });
}
