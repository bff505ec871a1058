// Domains and ticks. They are computed here and not by Vega, because labels within a figure must know where
// a value stands.
import {NORMAL, shortened} from './text.js';

const LARGEST = 1e150;
const MOST_TICKS = 50;  // whatever the domain

/// The least and the greatest of the numbers that can be shown.
export function extentOf(values, logarithmic = false) {
  let low = Infinity;
  let high = -Infinity;
  for (const value of values) {
    if (!isShown(value, logarithmic)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return low <= high ? [low, high] : logarithmic ? [1, 10] : [0, 1];
}

/// Whether a value has a place on an axis. Beyond the limits the arithmetic of scales would overflow.
export function isShown(value, logarithmic = false) {
  return Number.isFinite(value) && Math.abs(value) < LARGEST && (!logarithmic || value > 1 / LARGEST);
}

/// A step of 1, 2 or 5 times a power of ten, of which about `count` make the domain.
function stepOf([low, high], count) {
  const raw = (high - low) / count;
  const power = 10 ** Math.floor(Math.log10(raw));
  return power * (raw / power >= 7 ? 10 : raw / power >= 3.5 ? 5 : raw / power >= 1.5 ? 2 : 1);
}

/// The domain with a margin, so that nothing stands on the frame.
export function roomy([low, high], logarithmic = false) {
  if (logarithmic) {
    const margin = low === high ? 2 : (high / low) ** 0.03;
    return [low / margin, high * margin];
  }
  const margin = low === high ? Math.max(Math.abs(low) * 0.01, 1e-9) : (high - low) * 0.06;
  // Counts, shares and losses begin at zero: no axis goes below because of a margin.
  return [low >= 0 && low < margin ? 0 : low - margin, high + margin];
}

function linearTicks(domain, count) {
  const step = stepOf(domain, count);
  const ticks = [];
  for (let i = Math.ceil(domain[0] / step); i * step <= domain[1] && ticks.length < MOST_TICKS; ++i)
    ticks.push(Number((i * step).toPrecision(12)));
  return ticks;
}

/// Powers of ten, and some between them where there are few. Less than a decade is divided
/// evenly.
function logarithmicTicks(domain, count) {
  const [first, last] = domain.map(Math.log10);
  if (last - first < 1) return linearTicks(domain, count).filter((tick) => tick > 0);
  const decades = last - first;
  const factors = decades <= (count + 2) / 3 ? [1, 2, 5] : decades <= (count + 2) / 2 ? [1, 3] : [1];
  const every = Math.ceil((last - first) / (count + 1));
  const ticks = [];
  for (let power = Math.floor(first); power <= last; power += every)
    for (const factor of factors) ticks.push(Number(`${factor}e${power}`));
  return ticks.filter((tick) => tick >= domain[0] && tick <= domain[1]);
}

/// A scale and an axis of Vega, and `at`, which says where a value stands.
export function axisOf(
    {name, axis, domain: given, range, orient, count, labels = true, title = true, grid = true}) {
  const type = axis.logarithmic ? 'log' : 'linear';
  const domain = given[0] === given[1] ? roomy(given, axis.logarithmic) : given;
  const values = (axis.logarithmic ? logarithmicTicks : linearTicks)(domain, count);
  const large = Math.max(...values.map(Math.abs)) >= 1e5;
  const along = axis.logarithmic ? Math.log : Number;
  const share = (value) => (along(value) - along(domain[0])) / (along(domain[1]) - along(domain[0]));
  const vertical = orient !== 'bottom';
  return {
    at: (value) => range[0] + share(value) * (range[1] - range[0]),
    scale: {name, type, domain, range, zero: false, nice: false},
    axis: {
      scale: name,
      orient,
      values,
      labels,
      grid,
      domain: !vertical,
      ticks: !vertical,
      encode: {labels: {update: {text: {signal: `format(datum.value, '${large ? '~s' : ',~r'}')`}}}},
      labelFlush: !vertical,
      labelPadding: 5,
      ...(title ? {
        title: shortened(axis.title, Math.abs(range[1] - range[0]) + 16, NORMAL),
        titlePadding: 0,
        ...(vertical ? {titleX: orient === 'left' ? -46 : 46} : {titleY: 34})
      } :
                  {}),
    }
  };
}
