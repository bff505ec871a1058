// How wide texts are. Node has no fonts to ask, and a figure must look alike in the page and in its file, so
// both take the widths of Helvetica from a table, with a little more room for fonts that are wider.
import {textMetrics} from './vega.js';

// Thousandths of the font size, from the space (32) to the tilde (126).
const HELVETICA = [
  278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333,  278, 278, 556, 556, 556,
  556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667,
  611, 778, 722, 278, 500, 667, 556, 833, 722, 778, 667, 778, 722, 667,  611, 722, 667, 944, 667,
  667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556, 556, 278,  556, 556, 222, 222, 500,
  222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500,  500, 334, 260, 334, 584
];
const OTHER_FONTS = 1.17;
const WIDE = 0x2e80;  // from here on: Chinese, Japanese, Korean, and pictures

export const FONT = 'Helvetica, Arial, Liberation Sans, sans-serif';
export const SMALL = 11;
export const NORMAL = 12;

/// In pixels.
export function textWidth(text, size = SMALL) {
  let sum = 0;
  for (const character of text) {
    const code = character.codePointAt(0);
    sum += HELVETICA[code - 32] ?? (code >= WIDE ? 1000 : 600);
  }
  return sum * size * OTHER_FONTS / 1000;
}

/// The text, or its beginning with an ellipsis where it is wider than `limit` pixels.
export function shortened(text, limit, size = SMALL) {
  if (textWidth(text, size) <= limit) return text;
  const characters = [...text];
  let low = 0;
  let high = characters.length;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (textWidth(characters.slice(0, middle).join('') + '…', size) <= limit)
      low = middle;
    else
      high = middle - 1;
  }
  return characters.slice(0, low).join('') + '…';
}

textMetrics.width = (item, text) => textWidth(String(text ?? ''), item.fontSize ?? SMALL);
