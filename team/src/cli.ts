import { readFile } from 'node:fs/promises';
import { ScheduleOverlapPolicy } from '@temporalio/client';
import { Command } from 'commander';
import * as v from 'valibot';
import { connectClient } from './connection';
import { taskQueue, type JobRequest } from './jobRequest';
import { progressTable } from './progressTable';
import { cancelJobs } from './schedules';
import { statusOf } from './status';

const requestSchema = v.strictObject({
  spec: v.looseObject({
    name: v.string(),
    machines: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(16))),
  }),
  label: v.optional(v.string()),
  priority: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(5))),
  attempts: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(1000))),
});

/** A file with one request, or a list of them: `{"spec": …, "priority": 1}`. */
async function readRequests(file: string): Promise<JobRequest[]> {
  const value: unknown = JSON.parse(await readFile(file, 'utf8'));
  return v.parse(v.array(requestSchema), Array.isArray(value) ? value : [value]) as JobRequest[];
}

/** What starts a workflow for the requests of a file. */
function starting(workflowType: string) {
  return async (workflowId: string, file: string): Promise<void> => {
    const client = await connectClient();
    const args = [await readRequests(file)];
    await client.workflow.start(workflowType, { workflowId, taskQueue, args });
  };
}

const program = new Command('recur-team').description("Recur's training jobs of a team, on Temporal");

program
  .command('train')
  .description('train every model of REQUESTS.json now')
  .argument('<id>', 'of the workflow')
  .argument('<requests>')
  .action(starting('trainAll'));

program
  .command('nightly')
  .description('train every model of REQUESTS.json by a schedule; a night that has not ended is not overtaken')
  .argument('<id>', 'of the schedule')
  .argument('<requests>')
  .option('--cron <expression>', 'when', '0 2 * * *')
  .action(async (scheduleId: string, file: string, { cron }: { cron: string }) => {
    const client = await connectClient();
    await client.schedule.create({
      scheduleId,
      spec: { cronExpressions: [cron] },
      policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: '1 hour' },
      action: {
        type: 'startWorkflow',
        workflowType: 'trainAll',
        workflowId: scheduleId,
        taskQueue,
        args: [await readRequests(file)],
      },
    });
  });

program
  .command('sweep')
  .description('train configurations of one model and publish the best')
  .argument('<id>', 'of the workflow')
  .argument('<requests>', 'with a label each')
  .action(starting('sweep'));

program
  .command('status')
  .description('show how far the jobs of a workflow are, or those of the last night of a schedule')
  .argument('<id>')
  .action(async (id: string) => {
    console.log(progressTable(await statusOf(await connectClient(), id)));
  });

program
  .command('cancel')
  .description('end the jobs of a workflow or of the night of a schedule; what they have trained stays in the store')
  .argument('<id>')
  .action(async (id: string) => {
    if (!(await cancelJobs(await connectClient(), id))) program.error(`Nothing of ${id} runs.`);
  });

await program.parseAsync();
process.exit(0);
