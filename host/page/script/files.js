// The figures as files, drawn without a browser.
import {specify, view} from './draw.js';

const BLACK_ON_WHITE = {
  text: '#1c1f23',
  background: '#ffffff',
  halo: '#ffffff'
};
const ONE = 560;      // pixels: a column of a paper
const EACH_OF = 280;  // of several panels side by side
const MOST = 4;

function widthOf(content) {
  const panels = Math.min(MOST, content.panels?.length ?? 1);
  return panels > 1 ? 74 + panels * EACH_OF : ONE;
}

/// Without what XML cannot hold, and with coordinates of a hundredth of a pixel: half as long.
function cleaned(svg) {
  return svg.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '?')
      .replace(
          / (d|transform)="[^"]*"/g, (path) => path.replace(/\d+\.\d{3,}/g, (n) => String(+(+n).toFixed(2))));
}

export async function toSvg(figure) {
  const state = {
    width: widthOf(figure.content),
    hidden: new Set(),
    zoom: null,
    ink: BLACK_ON_WHITE,
    isFile: true,
    description: figure.title
  };
  return cleaned(await view(specify(figure.content, state).spec, {renderer: 'none'}).toSVG());
}
