// Where a reader points: in which plot of a figure, and where in it, in its own pixels.

export function pointIn(view, event) {
  const frame = view.svg()?.querySelector('g');
  const matrix = frame?.getScreenCTM();
  return matrix ? new DOMPoint(event.clientX, event.clientY).matrixTransform(matrix.inverse()) : null;
}

export function plotAt(view, event) {
  const point = pointIn(view, event);
  if (!point) return null;
  const index = view.plots.findIndex(
      (plot) => point.x >= plot.x && point.x <= plot.x + plot.width && point.y >= plot.y &&
          point.y <= plot.y + plot.height);
  if (index < 0) return null;
  const plot = view.plots[index];
  return {index, plot, x: point.x - plot.x, y: point.y - plot.y};
}
