/**
 * Code that runs in the page, as text: the tests have no types of a browser. Each is a function expression.
 */

/** Texts whose contrast to what lies behind them is below the limit of WCAG 2.1 AA, 4.5, or 3 for large ones. */
export const lowContrast = `(() => {
  const channels = text => (text.match(/[\\d.]+/g) ?? []).map(Number);
  const luminance = ([r, g, b]) => [r, g, b]
    .map(c => c / 255)
    .map(c => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
    .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
  const behind = element => {
    for (let at = element; at !== null; at = at.parentElement) {
      const [r, g, b, a = 1] = channels(getComputedStyle(at).backgroundColor);
      if (a > 0) return [r, g, b];
    }
    return [255, 255, 255];
  };
  const found = [];
  let checked = 0;
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (walker.currentNode.data.trim() === '' || element.closest('noscript, script, .skip') !== null) continue;
    if (element.getClientRects().length === 0) continue;
    checked += 1;
    const style = getComputedStyle(element);
    const [light, dark] = [luminance(channels(style.color)), luminance(behind(element))].sort((x, y) => y - x);
    const ratio = (light + 0.05) / (dark + 0.05);
    const large = parseFloat(style.fontSize) >= 24 || (parseFloat(style.fontSize) >= 18.66 && style.fontWeight >= 600);
    if (ratio < (large ? 3 : 4.5)) found.push(element.className + ' "' + walker.currentNode.data.trim() + '" ' + ratio.toFixed(2));
  }
  return { checked, found };
})()`;

/** Texts and boxes that are cut off or stick out at the side. */
export const stickingOut = `[...document.querySelectorAll('body *')]
  .filter(element => !element.closest('.hidden, .skip, .uplot, noscript, .scroll') && element.getClientRects().length > 0)
  .filter(element => {
    const { left, right } = element.getBoundingClientRect();
    return left < -0.5 || right > document.documentElement.clientWidth + 0.5;
  })
  .map(element => element.outerHTML.slice(0, 100))`;

/** What each row of the table says, by the name of its metric. */
export const numbersByMetric = `Object.fromEntries([...document.querySelectorAll('#numbers td[data-metric]')]
  .map(cell => [cell.dataset.metric, cell.textContent]))`;

/** What has the focus, in a word, and whether one can see that it has. */
export const focused = `(() => {
  const at = document.activeElement;
  if (at === document.body || at === null) return { name: '(body)', visible: true };
  const shown = at.type === 'radio' ? at.nextElementSibling : at;
  const style = getComputedStyle(shown);
  return {
    name: at.id || at.className || at.getAttribute('href') || at.name,
    role: at.getAttribute('role') ?? '',
    visible: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2,
  };
})()`;
