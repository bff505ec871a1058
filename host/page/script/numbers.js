// How a value is written where a reader points at it: as many digits as say something.
export function number(value) {
  if (value === null || value === undefined) return '–';
  if (!Number.isFinite(value)) return String(value);
  return String(Number(value.toPrecision(6)));
}
