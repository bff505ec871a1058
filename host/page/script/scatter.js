// Points, and for a front the line of steps through them.
import {axisOf, extentOf, isShown, roomy} from './axes.js';
import {clipped, frame, plotGroup} from './frame.js';
import {legend} from './legend.js';
import {number} from './numbers.js';
import {arrange} from './panels.js';
import {styleOf} from './styles.js';

function cloudMarks(cloud, name) {
  const style = styleOf(cloud.style);
  const place = {x: {scale: 'x', field: 'x'}, y: {scale: 'y', field: 'y'}};
  const line = {
    type: 'line',
    aria: false,
    interactive: false,
    from: {data: name},
    encode: {
      enter: {
        ...place,
        interpolate: {value: 'step-after'},
        stroke: {value: style.color},
        strokeWidth: {value: 1.8},
        strokeDash: {value: style.dash}
      }
    }
  };
  const dots = {
    type: 'symbol',
    aria: false,
    from: {data: name},
    encode: {
      enter: {
        ...place,
        shape: {value: style.shape},
        size: {value: cloud.front ? 60 : 36},
        fill: {value: style.color},
        fillOpacity: {value: cloud.front ? 0.95 : 0.5},
        tooltip: {field: 'told'}
      }
    }
  };
  return cloud.front ? [line, dots] : [dots];
}

export function scatter(content, state) {
  const clouds = content.clouds.filter((cloud) => !state.hidden.has(cloud.name));
  const entries = clouds.map(({name, style, front}) => ({name, style, line: front, symbol: true}));
  const key = state.isFile ? legend(entries, state.width, state.ink.text) : {marks: [], height: 0};
  const {plots, height} = arrange([{title: ''}], state.width, false);
  const [plot] = plots;
  const all = clouds.flatMap((cloud) => cloud.dots);
  const axisFor = (name, axis, orient, range, count) => axisOf({
    name,
    axis,
    orient,
    range,
    count,
    domain:
        state.zoom?.[name] ?? roomy(extentOf(all.map((dot) => dot[name]), axis.logarithmic), axis.logarithmic)
  });
  const x = axisFor('x', content.x, 'bottom', [0, plot.width], Math.max(3, plot.width / 75));
  const y = axisFor('y', content.y, 'left', [plot.height, 0], plot.height / 42);
  const data = clouds.map(
      (cloud, i) => ({
        name: `c${i}`,
        values:
            cloud.dots
                .filter(
                    (dot) => isShown(dot.x, content.x.logarithmic) && isShown(dot.y, content.y.logarithmic))
                .map((dot) => ({
                       x: dot.x,
                       y: dot.y,
                       told: [
                         cloud.name, ...(dot.name ? [dot.name] : []), `${content.x.title}: ${number(dot.x)}`,
                         `${content.y.title}: ${number(dot.y)}`
                       ].join('\n')
                     }))
                .sort((a, b) => cloud.front ? a.x - b.x : 0)
      }));
  return {
    plots,
    spec: frame({
      state,
      width: state.width,
      height: height + key.height,
      padding: 4,
      description: state.description,
      data,
      scales: [x.scale, y.scale],
      marks: [
        ...key.marks, plotGroup({...plot, y: plot.y + key.height}, {
          axes: [x.axis, y.axis],
          // Fronts above what they lie in.
          marks: [clipped(
              plot,
              [...clouds.keys()]
                  .sort((a, b) => clouds[a].front - clouds[b].front)
                  .flatMap((i) => cloudMarks(clouds[i], `c${i}`)))]
        })
      ]
    })
  };
}
