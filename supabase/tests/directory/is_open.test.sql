-- is_open() goes by the clock on the wall of the business: past midnight, on special days, and when
-- the clocks are moved.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;
-- the server's own zone must not matter
set local timezone = 'Pacific/Kiritimati';
\ir business_people.psql

select plan(31);

select pg_temp.enter(1, 'member'), pg_temp.enter(2, 'member'), pg_temp.enter(3, 'member', 'draft')
\g /dev/null
update directory.businesses
set
  time_zone = 'America/Chicago',
  business_hours = '{"mon": [["09:00", "12:00"], ["13:00", "17:00"]], "fri": [["18:00", "02:00"]],
    "sun": [["01:00", "04:00"], ["22:00", "02:30"]]}',
  special_hours = '{"2026-12-25": [], "2026-12-28": [["10:00", "11:00"]],
    "2026-12-31": [["20:00", "04:00"]]}'
where id = pg_temp.b(1);

-- Chicago is six hours behind UTC in winter
select is(directory.is_open(pg_temp.b(1), at::timestamptz), expected, rule)
from (
  values
    ('2026-11-23 14:59:59+00', false, 'just before it opens it is closed'),
    ('2026-11-23 15:00:00+00', true, 'it opens on the minute'),
    ('2026-11-23 17:59:59.999+00', true, 'the last moment before the break is open'),
    ('2026-11-23 18:00:00+00', false, 'the break begins on the minute'),
    ('2026-11-23 19:00:00+00', true, 'the break ends on the minute'),
    ('2026-11-23 23:00:00+00', false, 'it closes on the minute'),
    ('2026-11-24 16:00:00+00', false, 'a day without an entry is closed'),
    ('2026-11-28 00:00:00+00', true, 'it is Friday evening there, and Saturday in London'),
    ('2026-11-28 07:59:00+00', true, 'Friday night goes on past midnight'),
    ('2026-11-28 08:00:00+00', false, 'and ends on the minute'),
    ('2026-11-27 08:30:00+00', false, 'the morning of Friday is not the night of Friday'),
    ('2026-11-30 08:29:00+00', true, 'the night of Sunday goes on into Monday'),
    ('2026-11-30 08:30:00+00', false, 'and ends there'),
    ('2026-12-25 18:00:00+00', false, 'a special day without hours is closed'),
    ('2026-12-26 01:00:00+00', false, 'its night too, though it is a Friday'),
    ('2026-12-26 07:00:00+00', false, 'and what would go on past midnight'),
    ('2026-12-28 16:30:00+00', true, 'a special day has its own hours'),
    ('2026-12-28 20:00:00+00', false, 'and not those of the day of the week'),
    ('2026-12-28 08:00:00+00', true, 'the night before it goes on into it'),
    ('2027-01-01 09:00:00+00', true, 'a special night goes on past midnight'),
    ('2027-01-01 10:00:00+00', false, 'and ends'),
    -- in the night to Sunday, 8 March 2026, the hour from 2 to 3 is left out
    ('2026-03-08 07:30:00+00', true, 'half past one before the clocks go forward'),
    ('2026-03-08 08:30:00+00', true, 'an hour later it is half past three, and open'),
    ('2026-03-08 09:00:00+00', false, 'four o''clock comes an hour early'),
    -- on 1 November 2026 the hour from 1 to 2 comes twice
    ('2026-11-01 06:30:00+00', true, 'half past one before the clocks go back'),
    ('2026-11-01 07:30:00+00', true, 'half past one again')
) as moment (at, expected, rule);

select is(directory.is_open(pg_temp.b(2)), null,
  'of a business that tells no hours it is not known');
select is(pg_temp.try('anon', format('select directory.is_open(%L)', pg_temp.b(2))), null,
  'a visitor may ask');
select is(pg_temp.try('anon', format('select directory.is_open(%L)', pg_temp.b(3))), 'PT404',
  'a draft is not found');
select is(pg_temp.try('anon', format('select directory.is_open(%L, %L)', pg_temp.b(1), at)),
  'PL104',
  format('%s is no time to ask for', coalesce(at, 'null')))
from unnest(array['infinity', null]) as at;

select * from finish();
rollback;
