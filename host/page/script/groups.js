// Figures of a group are shown one at a time. Without this script they stand one below the other.
import {element} from './elements.js';

export function connectGroups(group) {
  const figures = [...group.querySelectorAll(':scope > figure')];
  if (figures.length < 2) return;
  const show = (chosen) => figures.forEach((figure, i) => {
    figure.hidden = i !== chosen;
  });
  const select = element('select', {change: () => show(select.selectedIndex)});
  for (const figure of figures) select.append(element('option', {}, figure.dataset.choice));
  group.prepend(element('label', {class: 'choice'}, 'show ', select));
  show(0);
}
