-- How often one caller may ask the functions of the directory: far above what a person does, and
-- below what a program would take to copy the whole of it.

select ops.define_setting('directory.search_burst', '600',
  'Requests to the function search that one address may send at once.', 1, 1000000);
select ops.define_setting('directory.search_per_minute', '600',
  'Requests to the function search that one address may send a minute, in the long run.',
  1, 1000000);
