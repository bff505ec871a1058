// What all figures have in common: their fonts, their colors and their margins.
import {FONT, NORMAL, SMALL} from './text.js';

/// A Vega specification around `marks`. In the page text has the color of the text around it, light or dark.
export function frame({state, width, height, padding, description, ...parts}) {
  const {text, background} = state.ink;
  return {
    width,
    height,
    padding,
    description,
    autosize: 'none',
    background,
    config: {
      font: FONT,
      axis: {
        labelColor: text,
        titleColor: text,
        domainColor: text,
        tickColor: text,
        gridColor: text,
        domainOpacity: 0.55,
        tickOpacity: 0.55,
        gridOpacity: 0.13,
        tickSize: 4,
        labelFontSize: SMALL,
        labelOpacity: 0.85,
        labelOverlap: 'greedy',
        titleFontSize: NORMAL,
        titleFontWeight: 'normal',
        titleAlign: 'center'
      },
      legend: {
        labelColor: text,
        titleColor: text,
        labelFontSize: SMALL,
        titleFontSize: SMALL,
        titleFontWeight: 'normal'
      },
      view: {stroke: null}
    },
    ...parts
  };
}

/// A group of marks with axes, at its place. Axes and their grids are as long as the signals say.
export function plotGroup({x, y, width, height}, parts) {
  return {
    type: 'group',
    aria: false,
    signals: [{name: 'width', value: width}, {name: 'height', value: height}],
    encode: {enter: {x: {value: x}, y: {value: y}, width: {value: width}, height: {value: height}}},
    ...parts
  };
}

/// Marks that do not reach beyond their plot.
export function clipped({width, height}, marks) {
  return {
    type: 'group',
    aria: false,
    clip: true,
    encode: {enter: {width: {value: width}, height: {value: height}}},
    marks
  };
}

/// A mark of one text.
export function label(text, x, y, options = {}) {
  const values = {text, x, y, fontSize: SMALL, baseline: 'middle', font: FONT, ...options};
  const enter = {};
  for (const [name, value] of Object.entries(values)) enter[name] = {value};
  return {type: 'text', aria: false, interactive: 'tooltip' in options, encode: {enter}};
}

/// A mark of one straight line.
export function stroke(x, y, x2, y2, options = {}) {
  const enter = {};
  for (const [name, value] of Object.entries({x, y, x2, y2, strokeWidth: 1, ...options}))
    enter[name] = {value};
  return {type: 'rule', aria: false, interactive: false, encode: {enter}};
}

/// An area that is not seen, but tells something when a reader points at it.
export function hint(x, y, width, height, tooltip) {
  const enter = {};
  for (const [name, value] of Object.entries({x, y, width, height, tooltip, fill: 'transparent'}))
    enter[name] = {value};
  return {type: 'rect', aria: false, encode: {enter}};
}

/// A mark of one shape.
export function symbol(x, y, style, options = {}) {
  const enter = {};
  const values = {x, y, shape: style.shape, size: 50, fill: style.color, ...options};
  for (const [name, value] of Object.entries(values)) enter[name] = {value};
  return {type: 'symbol', aria: false, interactive: 'tooltip' in options, encode: {enter}};
}
