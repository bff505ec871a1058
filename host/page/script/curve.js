// One curve: its rows for Vega, its band, its line and its marks.
import {isShown} from './axes.js';
import {styleOf} from './styles.js';

const FAINT = 0.5;  // what belongs to the axis on the right
const FEW = 25;     // points that each have a mark
const MARKS = 6;    // on a longer curve
const NEAR = 0.7;   // pixels

/// The rows of Vega for one curve, whose values stand where `x` and `y` say. A point that cannot be shown
/// interrupts it.
export function rowsOf(series, content, x, y) {
  const horizontal = content.x.logarithmic;
  const vertical = (isRight(series, content) ? content.right : content.y).logarithmic;
  const rows = series.points.map(([at, value, low, high]) => {
    const placed = isShown(at, horizontal);
    const shown = placed && isShown(value, vertical);
    const band = placed && isShown(low, vertical) && isShown(high, vertical);
    return {x: at, y: value, low, high, shown, band};
  });
  return thinned(rows, x, y);
}

/// Without the points that stand within a pixel of the one before: of a curve of thousands they would only
/// make the file large and the page slow.
function thinned(rows, x, y) {
  let last = null;
  return rows.filter((row, i) => {
    const place = [x(row.x), y(row.y), y(row.low ?? row.y), y(row.high ?? row.y), row.shown ? 0 : 1];
    const near = last?.every((value, k) => Math.abs(value - place[k]) < NEAR);
    if (near && i + 1 < rows.length) return false;
    last = place;
    return true;
  });
}

/// Whether a curve belongs to an axis on the right that is there.
export function isRight(series, content) {
  return series.right && content.right !== null;
}

/// Which points have a mark: all of a few, else some, at other places for each style.
export function marked(rows, style) {
  if (rows.length <= FEW) return rows;
  const every = rows.length / MARKS;
  const first = every * ((style * 0.37) % 1);
  return Array.from({length: MARKS}, (_, i) => rows[Math.floor(first + i * every)]).filter(Boolean);
}

/// {band, line}: what lies below all lines, and what lies above all bands.
export function marksOf(series, data, content) {
  const style = styleOf(series.style);
  const right = isRight(series, content);
  const opacity = right ? FAINT : 1;
  const scale = right ? 'right' : 'y';
  const interpolate = {value: series.steps ? 'step-after' : 'linear'};
  const x = {scale: 'x', field: 'x'};
  const common = {interactive: false, aria: false};
  const band = {
    ...common,
    type: 'area',
    from: {data},
    encode: {
      enter: {
        x,
        interpolate,
        y: {scale, field: 'low'},
        y2: {scale, field: 'high'},
        defined: {field: 'band'},
        fill: {value: style.color},
        fillOpacity: {value: 0.17 * opacity}
      }
    }
  };
  const line = {
    ...common,
    type: 'line',
    from: {data},
    encode: {
      enter: {
        x,
        interpolate,
        y: {scale, field: 'y'},
        defined: {field: 'shown'},
        stroke: {value: style.color},
        strokeWidth: {value: right ? 1.4 : 2},
        strokeOpacity: {value: opacity},
        strokeDash: {value: style.dash},
        strokeJoin: {value: 'round'}
      }
    }
  };
  const marks = {
    ...common,
    type: 'symbol',
    from: {data: data + 'm'},
    encode: {
      enter: {
        x,
        y: {scale, field: 'y'},
        shape: {value: style.shape},
        size: {value: 34},
        fill: {value: style.color},
        fillOpacity: {value: opacity}
      }
    }
  };
  const hasBand = series.points.some((point) => point.length > 2);
  return {band: hasBand ? [band] : [], line: [line, marks]};
}
