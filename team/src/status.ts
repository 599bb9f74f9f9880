import {
  defaultPayloadConverter,
  type Client,
  type WorkflowExecutionDescription,
  type WorkflowHandle,
} from '@temporalio/client';
import type { JobDone, JobProgress } from './jobRequest';
import type { ProgressRow } from './progressTable';
import { workflowsOf } from './schedules';

/** How far the jobs of a workflow are, or of the last one of a schedule; itself left out where it has none of its own. */
export async function statusOf(client: Client, id: string): Promise<ProgressRow[]> {
  const roots = await workflowsOf(client, id);
  const rows: ProgressRow[] = [];
  for await (const { workflowId } of client.workflow.list({ query: `WorkflowType = 'trainModel'` })) {
    const root = roots.find((name) => workflowId === name || workflowId.startsWith(`${name}/`));
    if (root === undefined) continue;
    rows.push(await rowOf(client.workflow.getHandle(workflowId), workflowId.slice(root.length + 1) || workflowId));
  }
  return rows.sort((one, other) => (one.name < other.name ? -1 : 1));
}

async function rowOf(handle: WorkflowHandle, name: string): Promise<ProgressRow> {
  const description = await handle.describe();
  const { status, raw } = description;
  if (status.name === 'COMPLETED') {
    const done = (await handle.result()) as JobDone;
    return {
      name,
      state: done.again ? 'unchanged' : 'published',
      step: done.steps,
      validation: done.perplexity,
      version: done.version,
    };
  }
  if (status.name !== 'RUNNING') return { name, state: status.name.toLowerCase() };
  const [pending] = raw.pendingActivities ?? [];
  const progress = progressIn(description);
  if (progress === undefined) return { name, state: pending?.lastWorkerIdentity ? 'starting' : 'waiting' };
  const { worker, step, validation } = progress;
  const attempt = pending?.attempt ?? 1;
  return { name, state: attempt > 1 ? `try ${attempt}` : 'training', worker, step, validation };
}

/** What the last heartbeat of a workflow's job has told; undefined before the first. */
export function progressIn({ raw }: WorkflowExecutionDescription): JobProgress | undefined {
  const [payload] = raw.pendingActivities?.[0]?.heartbeatDetails?.payloads ?? [];
  return payload && defaultPayloadConverter.fromPayload<JobProgress>(payload);
}
