import { describe, expect, it } from 'vitest';
import { nodeVersionProblem } from '../../scripts/setup/nodeVersion.mjs';

describe('the version of Node', () => {
  it.each(['v20.19.0', 'v20.20.2', 'v22.0.0', 'v24.1.3'])('%s will do', (version) => {
    expect(nodeVersionProblem(version)).toBeUndefined();
  });

  it.each(['v12.22.0', 'v18.20.4', 'v20.9.0', 'v20.18.3'])('%s is refused in a sentence that names both', (version) => {
    const problem = nodeVersionProblem(version);
    expect(problem).toContain(version);
    expect(problem).toContain('20.19');
  });
});
