// The parts of Vega that the figures use: it reads no files, fetches nothing, and needs no eval, because an
// interpreter takes its expressions.
import {transforms} from 'vega-dataflow';
import * as encode from 'vega-encode';
import * as data from 'vega-transforms';
import * as views from 'vega-view-transforms';

export {expressionInterpreter} from 'vega-interpreter';
export {parse} from 'vega-parser';
export {textMetrics} from 'vega-scenegraph';
export {View} from 'vega-view';

Object.assign(transforms, data, encode, views);
