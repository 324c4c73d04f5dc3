-- Pages, sizes and sorts out of range are refused with their code, not clamped.
begin;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions, public;
select plan(18);

create function pg_temp.refusal(arguments text)
returns text
language plpgsql
as $$
begin
  execute format('select * from directory.api_get_businesses(%s)', arguments);
  return 'answered';
exception
  when others then
    return sqlstate || ' ' || sqlerrm;
end;
$$;
grant execute on function pg_temp.refusal(text) to anon;

set local request.jwt.claims = '{}';
set local role anon;
select is(pg_temp.refusal(arguments), refusal, rule)
from (
  values
    ('page_size => 100', 'answered', 'a page of 100 rows is answered'),
    ('page_size => 101', 'PL104 page_size 101 is out of range: it goes from 1 to 100.',
      'a page of 101 rows is refused'),
    ('page_size => 0', 'PL104 page_size 0 is out of range: it goes from 1 to 100.',
      'a page of no rows is refused, not divided by'),
    ('page_size => -1', 'PL104 page_size -1 is out of range: it goes from 1 to 100.',
      'a negative page size is refused'),
    ('page_size => null', 'PL104 page_size null is out of range: it goes from 1 to 100.',
      'a null page size is refused'),
    ('page_number => 0', 'PL104 page_number 0 is out of range: it goes from 1 to 5001.',
      'page 0 is refused'),
    ('page_number => -3', 'PL104 page_number -3 is out of range: it goes from 1 to 5001.',
      'a negative page is refused'),
    ('page_number => null', 'PL104 page_number null is out of range: it goes from 1 to 5001.',
      'a null page is refused'),
    ('page_number => 5001', 'answered', 'the last page that may be asked for is answered'),
    ('page_number => 5002', 'PL104 page_number 5002 is out of range: it goes from 1 to 5001.',
      'a page that skips more than 100,000 rows is refused'),
    ('page_number => 2147483647, page_size => 100',
      'PL104 page_number 2147483647 is out of range: it goes from 1 to 1001.',
      'the greatest number there is overflows nothing'),
    ('sort_by => ''price''', 'PL131 There is no sort key price.', 'an unknown sort key is refused'),
    ('sort_by => ''Name''', 'PL131 There is no sort key Name.',
      'a sort key in capitals is unknown'),
    ('sort_by => null', 'PL131 There is no sort key null.', 'a null sort key is refused'),
    ('sort_by => ''''', 'PL131 There is no sort key .', 'an empty sort key is refused'),
    ('sort_order => ''up''', 'PL132 There is no sort order up.', 'an unknown order is refused'),
    ('sort_order => null', 'PL132 There is no sort order null.', 'a null order is refused')
) as tried (arguments, refusal, rule);
reset role;

select ops.set_setting('directory.page_offset_maximum', '1000') is null as set_before;
set local role anon;
select is(
  pg_temp.refusal('page_number => 52'),
  'PL104 page_number 52 is out of range: it goes from 1 to 51.',
  'the operator moves how far pages go by a setting'
);
reset role;

select * from finish();
rollback;
