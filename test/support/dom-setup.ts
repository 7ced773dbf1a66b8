import { configure } from '@testing-library/react';

// What is loaded when it is first needed may take longer than the second that is the default, on a machine with much to do.
configure({ asyncUtilTimeout: 5_000 });
