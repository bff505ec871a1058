// Where the panels of a figure stand: side by side where there is room, else in several rows.

const LEFT = 60;
const RIGHT = 14;
const RIGHT_AXIS = 60;
const BELOW = 46;
const TITLE = 20;
const BETWEEN = 18;
const NARROWEST = 250;

/// A rectangle for each panel, and the size of them all.
export function arrange(panels, width, rightAxis) {
  const right = rightAxis ? RIGHT_AXIS : RIGHT;
  const most = Math.max(1, Math.floor((width - LEFT - right + BETWEEN) / (NARROWEST + BETWEEN)));
  const rows = Math.ceil(panels.length / most);
  const columns = Math.max(1, Math.ceil(panels.length / rows));
  const inner = Math.max(80, (width - LEFT - right - BETWEEN * (columns - 1)) / columns);
  const plotHeight = Math.round(Math.min(320, Math.max(170, inner * 0.62)));
  const titled = panels.some((panel) => panel.title !== '');
  const above = titled ? TITLE : 6;
  const rowHeight = above + plotHeight + BELOW;
  const plots = panels.map((panel, i) => ({
                             x: LEFT + (i % columns) * (inner + BETWEEN),
                             y: Math.floor(i / columns) * rowHeight + above,
                             width: inner,
                             height: plotHeight,
                             first: i % columns === 0,
                             last: i % columns === columns - 1 || i === panels.length - 1,
                             title: panel.title
                           }));
  return {plots, height: rows * rowHeight};
}
