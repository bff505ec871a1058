// Elements of HTML and SVG. Texts become text nodes: no name of a method is ever read as markup.

/// `properties` are attributes, or listeners where they are functions.
export function element(name, properties = {}, ...children) {
  return filled(document.createElement(name), properties, children);
}

export function svgElement(name, properties = {}, ...children) {
  return filled(document.createElementNS('http://www.w3.org/2000/svg', name), properties, children);
}

function filled(made, properties, children) {
  for (const [name, value] of Object.entries(properties)) {
    if (typeof value === 'function')
      made.addEventListener(name, value);
    else if (value !== null && value !== false)
      made.setAttribute(name, value === true ? '' : value);
  }
  made.append(...children);
  return made;
}

export function button(text, title, action) {
  return element('button', {type: 'button', title, 'aria-label': title, click: action}, text);
}
