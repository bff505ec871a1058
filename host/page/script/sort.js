// Tables are sorted by their heads. What has a number is sorted by it; what has none comes last.
import {element} from './elements.js';

function compare(a, b) {
  const [first, second] = [a, b].map((cell) => cell.dataset.number);
  if (first !== undefined && second !== undefined) return first - second;
  if (first !== undefined || second !== undefined) return first !== undefined ? -1 : 1;
  return a.textContent.localeCompare(b.textContent, 'en', {numeric: true});
}

export function sortable(table) {
  const heads = [...table.tHead.rows[0].cells];
  heads.forEach((head, column) => {
    const sort = () => {
      const falling = head.getAttribute('aria-sort') === 'ascending';
      for (const other of heads) other.removeAttribute('aria-sort');
      head.setAttribute('aria-sort', falling ? 'descending' : 'ascending');
      const body = table.tBodies[0];
      const rows = [...body.rows];
      rows.sort((a, b) => {
        const [first, second] = [a.cells[column], b.cells[column]];
        const bothNumbers = first.dataset.number !== undefined && second.dataset.number !== undefined;
        const order = compare(first, second);
        return falling && (bothNumbers || order === 0 || first.dataset.number === second.dataset.number) ?
            -order :
            order;
      });
      body.append(...rows);
    };
    const text = head.textContent;
    head.replaceChildren(
        element('button', {type: 'button', class: 'sort', title: 'sort by this column', click: sort}, text));
  });
}
