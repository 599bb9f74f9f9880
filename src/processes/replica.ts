import { serveReplica } from '../training/replicas/replica';

serveReplica();
