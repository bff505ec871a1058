// What Node runs: writes 0.svg, 1.svg, … for the figures of a file into the working folder. A figure that
// cannot be drawn is told on standard error and does not keep the others from being drawn.
const fs = require('fs');
require('./script.js');

async function writeAll() {
  const {figures} = JSON.parse(fs.readFileSync('figures.json', 'utf8'));
  for (const [i, figure] of figures.entries()) {
    try {
      fs.writeFileSync(`${i}.svg`, await globalThis.espalier.toSvg(figure));
    } catch (error) {
      console.error(`${figure.id}: ${error.message}`);
    }
  }
}

writeAll();
