/** Disjoint sets of small integers, with path halving. */
export class UnionFind {
  readonly #parent = new Map<number, number>();

  find(name: number): number {
    let at = name;
    for (let up = this.#parent.get(at); up !== undefined && up !== at; up = this.#parent.get(at)) {
      const above = this.#parent.get(up) ?? up;
      this.#parent.set(at, above);
      at = above;
    }
    return at;
  }

  union(a: number, b: number): void {
    const [x, y] = [this.find(a), this.find(b)];
    if (x !== y) this.#parent.set(x, y);
  }
}
