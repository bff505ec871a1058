// The names of the methods that a reader has hidden, in all figures alike.
const names = new Set();
const listeners = [];

export const hiddenNames = names;

export function toggleName(name) {
  if (!names.delete(name)) names.add(name);
  for (const listener of listeners) listener();
}

export function onToggle(listener) {
  listeners.push(listener);
}
