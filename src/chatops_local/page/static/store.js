// What the server has told: entries by kind and key.

export class Store {
  #kinds = new Map();

  /** Forget everything. */
  clear() {
    this.#kinds.clear();
  }

  /** Keep what was told. */
  put({ kind, key, value }) {
    if (!this.#kinds.has(kind)) this.#kinds.set(kind, new Map());
    this.#kinds.get(kind).set(key, value);
  }

  /** One entry. */
  get(kind, key) {
    return this.#kinds.get(kind)?.get(key);
  }

  /** All entries of a kind, as [key, value]. */
  all(kind) {
    return [...(this.#kinds.get(kind) ?? [])];
  }
}
