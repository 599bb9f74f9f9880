/** A package whose sources are completed, pinned by version and content. */
export interface Project {
  readonly name: string;
  readonly language: string;
  readonly registry: 'npm' | 'pypi';
  readonly package: string;
  readonly version: string;
  /** Of the archive, as npm and pip write it. */
  readonly integrity: string;
  /** Folders of the archive, without its first one, that hold hand-written sources of one build. */
  readonly folders: readonly string[];
  /** Folders in them that are left out: translations, and the same once more for another build. */
  readonly without: readonly string[];
  readonly extensions: readonly string[];
}

/**
 * Named before anything was measured on them. No setting, constant or default was ever chosen by a figure that comes from
 * these projects, and none may be.
 */
export const projects: readonly Project[] = [
  {
    name: 'rxjs',
    language: 'TypeScript',
    registry: 'npm',
    package: 'rxjs',
    version: '7.8.2',
    integrity: 'sha512-dhKf903U/PQZY6boNNtAGdWbG85WAbjT/1xYoZIC7FAY0yWapOBQVsVrDl58W86//e1VpMNBtRV4MaXfdMySFA==',
    folders: ['src'],
    without: [],
    extensions: ['.ts'],
  },
  {
    name: 'zod',
    language: 'TypeScript',
    registry: 'npm',
    package: 'zod',
    version: '4.6.7',
    integrity: 'sha512-g8W2D2kU6a8untc053fX1uVBKzM7yqAxW/3zwk83+6RyF2+SKOuV+c0wBDhUwzV1PaGapmZH+rmcUzPf+3CGwg==',
    folders: ['src/v4/classic', 'src/v4/core'],
    without: [],
    extensions: ['.ts'],
  },
  {
    name: 'django',
    language: 'Python',
    registry: 'pypi',
    package: 'django',
    version: '5.2.8',
    integrity: 'sha256:23254866a5bb9a2cfa6004e8b809ec6246eba4b58a7589bc2772f1bcc8456c7f',
    folders: ['django'],
    without: ['django/contrib', 'django/conf/locale'],
    extensions: ['.py'],
  },
  {
    name: 'libusb',
    language: 'C',
    registry: 'npm',
    package: 'usb',
    version: '2.16.0',
    integrity: 'sha512-jD88fvzDViMDH5KmmNJgzMBDj/95bDTt6+kBNaNxP4G98xUTnDMiLUY2CYmToba6JAFhM9VkcaQuxCNRLGR7zg==',
    folders: ['libusb'],
    without: [],
    extensions: ['.c', '.h'],
  },
];
