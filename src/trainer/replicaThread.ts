import { serveReplica } from '../training/threads/replica';

serveReplica();
