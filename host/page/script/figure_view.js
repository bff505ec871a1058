// A figure of the page: its legend, its picture, its tools, its values.
import {specify, view as vegaView} from './draw.js';
import {element} from './elements.js';
import {hiddenNames, onToggle} from './hidden.js';
import {connectHover} from './hover.js';
import {legendButtons} from './legend_buttons.js';
import {saveButton} from './save.js';
import {vegaTooltip} from './tooltip.js';
import {valuesTable} from './values.js';
import {connectZoom, zoomButtons} from './zoom.js';

// The color of the text around it: light or dark, on the screen or in print.
const INK = {
  text: 'currentColor',
  background: null,
  halo: 'var(--background)'
};
const FRAME = 8;  // pixels of padding that Vega adds

export class FigureView {
  constructor(place, figure) {
    this.figure = figure;
    this.hidden = hiddenNames;
    this.plots = [];
    this.zoom = null;
    this.width = 0;
    this.legend = element('div', {class: 'legend', role: 'group', 'aria-label': 'show or hide'});
    this.plot = element('div', {class: 'plot'});
    const tools = element('div', {class: 'tools'}, ...zoomButtons(this), saveButton(figure));
    place.querySelector('.drawn').replaceChildren(this.legend, this.plot, tools);
    place.append(this.details());
    connectHover(this);
    connectZoom(this);
    onToggle(() => this.draw({}));
    // Also tells when the figure is first seen: in a folded section or a hidden choice it has no width.
    new ResizeObserver(([entry]) => {
      const width = Math.floor(entry.contentRect.width);
      if (width > 0 && width !== this.width) this.draw({width});
    }).observe(this.plot);
  }

  svg() {
    return this.plot.querySelector('svg');
  }

  draw(changes) {
    Object.assign(this, changes);
    // A button that is pressed with the keyboard keeps the focus.
    const focused = [...this.legend.children].indexOf(document.activeElement);
    this.legend.replaceChildren(...legendButtons(this.figure.content));
    this.legend.children[focused]?.focus();
    if (this.width === 0) return;
    try {
      this.drawPlot();
    } catch (error) {
      this.plot.textContent = `This figure cannot be drawn: ${error.message}`;
      console.error(error);
    }
  }

  drawPlot() {
    const state = {
      width: this.width - FRAME,
      hidden: this.hidden,
      zoom: this.zoom,
      ink: INK,
      isFile: false,
      description: `${this.figure.title}. The values stand in a table below.`
    };
    const {spec, plots} = specify(this.figure.content, state);
    this.vega?.finalize();
    this.plots = plots;
    const container = element('div');
    this.vega = vegaView(spec, {renderer: 'svg', container, hover: false, tooltip: vegaTooltip});
    this.vega.run();
    // One picture with a name, which Vega gives it, and not a document of hundreds of parts.
    container.setAttribute('role', 'img');
    container.removeAttribute('aria-roledescription');
    this.plot.replaceChildren(container);
  }

  /// A table that is made when it is asked for.
  details() {
    const details = element('details', {class: 'values'}, element('summary', {}, 'values'));
    details.addEventListener('toggle', () => {
      if (details.open && details.children.length === 1)
        details.append(valuesTable(this.figure.title, this.figure.content));
    });
    return details;
  }
}
