interface Waiting<Item, Answer> {
  items: readonly Item[];
  resolve: (answers: Answer[]) => void;
  reject: (error: unknown) => void;
}

/**
 * Calls that come while one is under way go together as the next one, as databases commit: many callers that each have a
 * few rows take the locks of the same few rows only once. Where a joint call fails, each caller's items go alone, so that
 * nobody fails for another's fault.
 */
export class GroupCommit<Item, Answer> {
  private waiting: Waiting<Item, Answer>[] = [];
  private busy = false;

  /** `run` answers for each item, in their order. */
  constructor(
    private readonly run: (items: readonly Item[]) => Promise<readonly Answer[]>,
    private readonly itemsMax: number,
  ) {}

  add(items: readonly Item[]): Promise<Answer[]> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ items, resolve, reject });
      if (!this.busy) void this.work();
    });
  }

  private async work(): Promise<void> {
    this.busy = true;
    while (this.waiting.length > 0) await this.runTogether(this.next());
    this.busy = false;
  }

  private next(): Waiting<Item, Answer>[] {
    let items = 0;
    const beyond = this.waiting.findIndex((one, index) => {
      items += one.items.length;
      return index > 0 && items > this.itemsMax;
    });
    return this.waiting.splice(0, beyond === -1 ? this.waiting.length : beyond);
  }

  private async runTogether(calls: readonly Waiting<Item, Answer>[]): Promise<void> {
    try {
      const answers = await this.run(calls.flatMap(({ items }) => items));
      let from = 0;
      for (const { items, resolve } of calls) {
        resolve(answers.slice(from, from + items.length));
        from += items.length;
      }
    } catch (error) {
      if (calls.length === 1) calls[0]?.reject(error);
      else for (const call of calls) await this.runTogether([call]);
    }
  }
}
