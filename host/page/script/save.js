// A figure as a file, black on white as the files beside the page are.
import {element} from './elements.js';
import {toSvg} from './files.js';

export function saveButton(figure) {
  const save = async () => {
    const address = URL.createObjectURL(new Blob([await toSvg(figure)], {type: 'image/svg+xml'}));
    element('a', {href: address, download: `${figure.id}.svg`}).click();
    setTimeout(() => URL.revokeObjectURL(address), 10000);
  };
  return element('button', {type: 'button', title: 'save this figure as SVG', click: save}, 'SVG');
}
