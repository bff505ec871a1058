// Draws figures of random content, odd numbers and names among it, and fails where one throws, takes long or
// shows what is no number. Arguments: the script of the page, and how many.
require(require('path').resolve(process.argv[2]));

const SLOW = 20000;  // ms: hangs, whatever the machine
const ODD = [0, 1, -1, 1e308, -1e308, 1e-308, 5e-324, null, 0.1, 100, 1e15, 1e15 + 1, 94.5];

let seed = 12345;
function chance() {
  seed = (seed * 16807) % 2147483647;
  return seed / 2147483647;
}
const below = (most) => Math.floor(chance() * most);
const some = (most, make) => Array.from({length: below(most)}, make);
const exactly = (length, make) => Array.from({length}, make);
const maybe = (make) => chance() < 0.5 ? make() : null;
const value = () => chance() < 0.5 ? ODD[below(ODD.length)] : (chance() - 0.3) * 10 ** below(12) / 1e4;
const name =
    () => ['', 'a', `method_${below(30)}`, 'x'.repeat(below(300)), '中文', 'a\nb', '__proto__'][below(7)];
const axis = () => ({title: name(), logarithmic: chance() < 0.4});
const named = () => ({name: name(), style: below(40)});

const KINDS = {
  lines: () => ({
    x: axis(),
    y: axis(),
    right: maybe(axis),
    panels: some(6, () => ({
                      title: name(),
                      rules: some(4, () => ({name: name(), y: value()})),
                      series: some(5, () => ({
                                        ...named(),
                                        steps: chance() < 0.5,
                                        right: chance() < 0.4,
                                        points: some(40, () => exactly(chance() < 0.5 ? 2 : 4, value))
                                      }))
                    }))
  }),
  intervals: () => ({
    x: axis(),
    rule: maybe(value),
    rows: some(12, () => ({
                     ...named(),
                     value: value(),
                     interval: maybe(() => [value(), value()]),
                     dots: some(5, value),
                     published: maybe(value),
                     note: name()
                   }))
  }),
  heat_map: () => {
    const columns = some(20, value);
    const rows = some(5, name);
    const values = rows.map(() => columns.map(value));
    return {x: axis(), meaning: name(), columns, groups: some(4, () => ({name: name(), rows, values}))};
  },
  scatter: () => ({
    x: axis(),
    y: axis(),
    clouds: some(4, () => ({
                      ...named(),
                      front: chance() < 0.5,
                      dots: some(30, () => ({x: value(), y: value(), name: name()}))
                    }))
  }),
  ranks: () => {
    const methods = some(12, () => ({...named(), rank: 1 + chance() * 11}));
    const pair = () => {
      const first = below(methods.length);
      return [first, first];
    };
    return {methods, critical_difference: value(), joined: methods.length > 0 ? some(5, pair) : []};
  }
};

async function drawAll(count) {
  for (let i = 0; i < count; ++i) {
    const kind = Object.keys(KINDS)[i % 5];
    const figure = {id: 'f', title: name(), content: {kind, ...KINDS[kind]()}};
    const start = Date.now();
    const svg = await globalThis.espalier.toSvg(figure);
    const marks = svg.replace(/>[^<]*</g, '><');
    if (/NaN|Infinity|undefined/.test(marks) || Date.now() - start > SLOW)
      throw new Error('badly drawn: ' + JSON.stringify(figure));
  }
}

drawAll(Number(process.argv[3])).catch((error) => {
  console.error(error);
  process.exit(1);
});
