import platformPath, { type PlatformPath } from 'node:path';

/**
 * The root of the repository that a folder belongs to: the innermost of those that hold it, not one that lies within it.
 * @param roots absolute paths of all repositories that are known
 */
export function repositoryOfFolder(
  folder: string,
  roots: readonly string[],
  path: PlatformPath = platformPath,
): string | undefined {
  const holds = (root: string): boolean => {
    const inside = path.relative(root, folder);
    return inside !== '..' && !inside.startsWith(`..${path.sep}`) && !path.isAbsolute(inside);
  };
  return roots.filter(holds).sort((a, b) => b.length - a.length)[0];
}
