import { ScheduleNotFoundError, WorkflowNotFoundError, type Client } from '@temporalio/client';

/** Ids of the workflows that an id means: its own, and of a schedule of that name those that run, or else the last one. */
export async function workflowsOf(client: Client, id: string): Promise<string[]> {
  try {
    const { runningActions, recentActions } = (await client.schedule.getHandle(id).describe()).info;
    const started = runningActions.length > 0 ? runningActions : recentActions.slice(-1).map(({ action }) => action);
    return [id, ...started.map(({ workflow }) => workflow.workflowId)];
  } catch (error) {
    if (error instanceof ScheduleNotFoundError) return [id];
    throw error;
  }
}

/** Cancels what runs of a workflow or a schedule. @returns whether anything did */
export async function cancelJobs(client: Client, id: string): Promise<boolean> {
  const ids = await workflowsOf(client, id);
  const cancelled = await Promise.all(
    ids.map(async (workflowId) => {
      const handle = client.workflow.getHandle(workflowId);
      try {
        // The server takes a cancellation of one that has ended, too.
        if ((await handle.describe()).status.name !== 'RUNNING') return false;
        await handle.cancel();
        return true;
      } catch (error) {
        if (error instanceof WorkflowNotFoundError) return false;
        throw error;
      }
    }),
  );
  return cancelled.includes(true);
}
