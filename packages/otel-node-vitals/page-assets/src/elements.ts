/** An element of the page by its id. The page and this code are one piece, so a missing one is a mistake. */
export function byId(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`no element ${id}`);
  return found;
}

/** Makes an element below a parent. */
export function add<Name extends keyof HTMLElementTagNameMap>(
  parent: Element,
  name: Name,
  className = '',
  text = '',
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name);
  if (className !== '') made.className = className;
  if (text !== '') made.textContent = text;
  parent.append(made);
  return made;
}

/** Changes a text only if it is another one: nothing is laid out again for a number that stayed. */
export function say(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

export function setAttribute(element: Element, name: string, value: string): void {
  if (element.getAttribute(name) !== value) element.setAttribute(name, value);
}

/** The filled part of a bar, from 0 to 1. */
export function fillBar(bar: HTMLElement, share: number | null): void {
  const width =
    share === null ? '0' : `${Math.min(100, Math.max(share * 100, share > 0 ? 1 : 0)).toFixed(1)}%`;
  if (bar.style.width !== width) bar.style.width = width;
}
