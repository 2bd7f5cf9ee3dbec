/**
 * The method by which a value is iterated asynchronously. A description of it says what a whole iteration does, and
 * lowering writes an implicit call of it where the iteration ends.
 */
export const END_OF_ITERATION = '@@asyncIterator';
