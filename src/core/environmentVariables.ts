/**
 * Set in the environment of an engine: the folder where what belongs to this machine is kept, for all workspaces. Without it
 * nothing is.
 */
export const machineFolderVariable = 'RECUR_MACHINE_FOLDER';

/** Set where a copy of onnxruntime with CUDA is installed: the folder of its packages. */
export const cudaRuntimeVariable = 'RECUR_CUDA_RUNTIME';
