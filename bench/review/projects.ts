import { projects, type Project } from '../usefulness/projects';

/** Beside those of `npm run bench -- usefulness`; named before anything was measured on them, and nothing was fitted to any. */
const more: readonly Project[] = [
  {
    name: 'jinja2',
    language: 'Python',
    registry: 'pypi',
    package: 'jinja2',
    version: '3.1.6',
    integrity: 'sha256:0137fb05990d35f1275a587e9aee6d56da821fc83491a0fb838183be43f66d6d',
    folders: ['src/jinja2'],
    without: [],
    extensions: ['.py'],
  },
  {
    name: 'ethers',
    language: 'TypeScript',
    registry: 'npm',
    package: 'ethers',
    version: '6.17.0',
    integrity: 'sha512-BpyrpIPJ3ydEVow8zGaz1DuPS7YU8DcWxuBnY9a0UA/lvAPwrMr+EPXsfrul628SRaekPNeIM4UFh/91GWZang==',
    folders: ['src.ts'],
    without: ['src.ts/_tests'],
    extensions: ['.ts'],
  },
];

/** Projects whose language a parser can tell slips in. */
export const reviewProjects: readonly Project[] = [...projects.filter(({ language }) => language !== 'C'), ...more];
