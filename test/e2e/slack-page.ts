import type { Locator, Page } from 'playwright-core';

/** The workspace page as a person uses it. */
export class SlackPage {
  readonly page: Page;
  readonly #url: string;

  constructor(page: Page, url: string) {
    this.page = page;
    this.#url = url;
    page.setDefaultTimeout(45_000);
  }

  async openAs(user: string, channel = 'C0KROPS'): Promise<void> {
    await this.page.goto(`${this.#url}?as=${user}#${channel}`);
    await this.page.getByTestId('composer').first().waitFor();
  }

  async actAs(user: string): Promise<void> {
    await this.page.getByTestId('act-as').selectOption(user);
  }

  async type(text: string): Promise<void> {
    await this.page.getByTestId('composer').first().fill(text);
    await this.page.getByTestId('composer').first().press('Enter');
  }

  /** A button on the newest message that has it. */
  button(actionId: string): Locator {
    return this.page.locator(`[data-action-id="${actionId}"]`).last();
  }

  async press(actionId: string): Promise<void> {
    await this.button(actionId).click();
  }

  async pressAndConfirm(actionId: string): Promise<void> {
    await this.press(actionId);
    await this.page.getByTestId('confirm-yes').click();
  }

  /** Waits until this text can be read in the channel or in the open thread. */
  async reads(text: string | RegExp): Promise<void> {
    await this.page.getByText(text).first().waitFor();
  }

  async openThread(): Promise<Locator> {
    await this.page
      .locator('main')
      .getByText(/\d+ repl(y|ies)/)
      .first()
      .click();
    const thread = this.page.getByTestId('thread');
    await thread.waitFor();
    return thread;
  }

  modal(): Locator {
    return this.page.getByTestId('modal');
  }
}
