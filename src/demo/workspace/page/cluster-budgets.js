import { budgetWords } from './cluster-words.js';
import { h } from './dom.js';

/** One line for each disruption budget, the tightest first. */
export function budgetItems(budgets, total) {
  const items = budgets.map((budget) => ({
    key: budget.name,
    version: JSON.stringify(budget),
    build: () => budgetView(budget),
  }));
  const more = total - budgets.length;
  if (more > 0) items.push(moreItem(more));
  return items;
}

function budgetView(budget) {
  return h(
    'li',
    { class: budget.mayGo > 0 ? 'budget' : 'budget budget-full' },
    h('b', {}, budget.name),
    ' ',
    budgetWords(budget),
  );
}

function moreItem(more) {
  const words = `and ${more} more`;
  return { key: 'more', version: words, build: () => h('li', { class: 'budget' }, words) };
}
