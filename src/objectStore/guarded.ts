/** @returns what makes functions of a store throw what their errors mean for it */
export function guardedBy(problemOf: (error: unknown) => unknown) {
  return <Values extends unknown[], Result>(work: (...values: Values) => Promise<Result>) =>
    async (...values: Values): Promise<Result> => {
      try {
        return await work(...values);
      } catch (error) {
        throw problemOf(error);
      }
    };
}
