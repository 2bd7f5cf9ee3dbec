/**
 * A map that is cheap to fork: the copy is made by the first write after the fork, so a branch pays only
 * for what it changes.
 */
export class ForkMap<K, V> {
  #map: Map<K, V>;
  #isShared: boolean;

  constructor(map = new Map<K, V>(), isShared = false) {
    this.#map = map;
    this.#isShared = isShared;
  }

  /** A second map with the same entries; a write to either leaves the other as it is. */
  fork(): ForkMap<K, V> {
    this.#isShared = true;
    return new ForkMap(this.#map, true);
  }

  get size(): number {
    return this.#map.size;
  }

  get(key: K): V | undefined {
    return this.#map.get(key);
  }

  has(key: K): boolean {
    return this.#map.has(key);
  }

  set(key: K, value: V): void {
    if (this.#map.get(key) === value && (value !== undefined || this.#map.has(key))) return;
    this.#own().set(key, value);
  }

  delete(key: K): void {
    if (this.#map.has(key)) this.#own().delete(key);
  }

  /** Drops the entries of all other keys. */
  keepOnly(isKept: (key: K) => boolean): void {
    let dropped = 0;
    for (const key of this.#map.keys()) if (!isKept(key)) dropped++;
    if (dropped === 0) return;
    const kept = new Map<K, V>();
    if (dropped < this.#map.size) for (const [key, value] of this.#map) if (isKept(key)) kept.set(key, value);
    this.#map = kept;
    this.#isShared = false;
  }

  keys(): IterableIterator<K> {
    return this.#map.keys();
  }

  values(): IterableIterator<V> {
    return this.#map.values();
  }

  /** Iterate over this only while nothing is written, or over a copy. */
  entries(): IterableIterator<[K, V]> {
    return this.#map.entries();
  }

  #own(): Map<K, V> {
    if (this.#isShared) {
      this.#map = new Map(this.#map);
      this.#isShared = false;
    }
    return this.#map;
  }
}
