// One script for both: in a browser it brings the page to life, elsewhere it offers to draw files.
import './licenses.js';

import {toSvg} from './files.js';
import {startPage} from './page.js';

if (typeof document === 'undefined')
  globalThis.espalier = {toSvg};
else
  startPage();
