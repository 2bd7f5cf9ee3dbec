/**
 * The accessors of an object literal stand among its properties, under names that no identifier has. (Those of
 * classes are in their class.)
 */
export const accessorName = (kind: 'get' | 'set', name: string): string => `${kind} ${name}`;

export const isAccessorName = (name: string): boolean => /^[gs]et /.test(name);
