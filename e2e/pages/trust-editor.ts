import type { Locator, Page } from 'playwright-core';
import type { TrustSet } from '#libs/contracts';

/** The trust set editor of a round's page, as a reader has it. */
export class TrustEditor {
  readonly section: Locator;
  /** What comes out for those who are chosen. */
  readonly outcome: Locator;
  readonly threshold: Locator;

  constructor(private readonly page: Page) {
    this.section = page.locator('section', { has: page.locator('form.trust') }).last();
    this.outcome = this.section.getByRole('status');
    this.threshold = this.section.getByRole('textbox');
  }

  /** Waits until it recounts by itself: then there is nothing to press any more. */
  async live(): Promise<void> {
    await this.section.getByRole('button', { name: 'Recount' }).waitFor({ state: 'detached' });
  }

  /** Checks and unchecks until these operators are trusted, and no other; then sets the threshold. */
  async choose({ operators, threshold }: TrustSet): Promise<void> {
    for (const box of await this.section.getByRole('checkbox').all()) {
      await box.setChecked(operators.includes(await box.inputValue()));
    }
    await this.threshold.fill(threshold);
  }

  /** Names of those who are checked. */
  async chosen(): Promise<readonly string[]> {
    const boxes = await this.section.getByRole('checkbox', { checked: true }).all();
    return Promise.all(boxes.map((box) => box.inputValue()));
  }

  /** The trust set that the address keeps, as it stands there. */
  kept(): URLSearchParams {
    return new URL(this.page.url()).searchParams;
  }
}
