import axe from 'axe-core';
import type { Page } from 'playwright-core';

/**
 * What on the page keeps people from using it, by axe's own judgement: serious and critical faults, each with its place.
 * Run from outside the page, so that its security policy stays as it is.
 */
export async function seriousFaults(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const { violations } = (await page.evaluate(
    'axe.run(document, { resultTypes: ["violations"] })',
  )) as axe.AxeResults;
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 160)}`));
}
