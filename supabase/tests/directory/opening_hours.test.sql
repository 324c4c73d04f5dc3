-- Which weeks and special days a business may have.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;

select plan(40);

select ok(directory_internal.is_weekly_hours(hours::jsonb), rule)
from (
  values
    ('{}', 'a business may tell no hours'),
    ('{"mon": []}', 'a day may be closed'),
    ('{"mon": [["09:00", "12:00"], ["13:00", "17:30"]]}', 'a day may have a break'),
    ('{"mon": [["13:00", "17:30"], ["09:00", "12:00"]]}', 'in any order'),
    ('{"mon": [["09:00", "12:00"], ["12:00", "17:00"]]}', 'two hours may touch'),
    ('{"mon": [["00:00", "24:00"]], "tue": [["00:00", "24:00"]]}', 'a day may be open all day'),
    ('{"fri": [["18:00", "02:00"]], "sat": [["02:00", "10:00"]]}',
      'a night may end when the next day begins'),
    ('{"sun": [["22:00", "03:00"]], "mon": [["03:00", "04:00"]]}', 'also from Sunday to Monday'),
    ('{"mon": [["22:00", "00:00"]], "tue": [["00:00", "01:00"]]}', 'midnight may be 00:00')
) as good (hours, rule);
select ok(not coalesce(directory_internal.is_weekly_hours(hours::jsonb), false), rule)
from (
  values
    ('null', 'a JSON null is refused'),
    ('"closed"', 'a text is refused'),
    ('{"monday": []}', 'a day that is written out is refused'),
    ('{"Mon": []}', 'a day in capitals is refused'),
    ('{"mon": null}', 'a day that is null is refused'),
    ('{"mon": "09:00-17:00"}', 'hours in words are refused'),
    ('{"mon": ["09:00", "17:00"]}', 'hours that are no list of pairs are refused'),
    ('{"mon": [["09:00"]]}', 'hours without an end are refused'),
    ('{"mon": [["09:00", "10:00", "11:00"]]}', 'three times are refused'),
    ('{"mon": [{"0": "09:00", "1": "10:00"}]}', 'an object is refused'),
    ('{"mon": [["9:00", "17:00"]]}', 'an hour of one digit is refused'),
    ('{"mon": [["09:00", "17:60"]]}', 'minute 60 is refused'),
    ('{"mon": [["09:00", "24:01"]]}', 'hours past 24 are refused'),
    ('{"mon": [["24:00", "02:00"]]}', 'opening at 24:00 is refused'),
    ('{"mon": [["09:00", "09:00"]]}', 'no time at all is refused'),
    ('{"mon": [[900, 1700]]}', 'numbers are refused'),
    ('{"mon": [["09:00", "12:00"], ["11:59", "17:00"]]}', 'hours that overlap are refused'),
    ('{"fri": [["18:00", "02:00"]], "sat": [["01:59", "10:00"]]}',
      'a night that runs into the next day''s hours is refused'),
    ('{"sun": [["22:00", "03:00"]], "mon": [["02:59", "04:00"]]}',
      'also from Sunday to Monday')
) as bad (hours, rule);
select ok(
  not directory_internal.is_weekly_hours(jsonb_build_object('mon', (
    select jsonb_agg(jsonb_build_array(
      lpad(hour::text, 2, '0') || ':00', lpad(hour::text, 2, '0') || ':30'
    ))
    from generate_series(0, 12) as hour
  ))),
  'thirteen openings a day are refused'
);

select ok(directory_internal.is_special_hours(hours::jsonb), rule)
from (
  values
    ('{}', 'a business may have no special day'),
    ('{"2026-12-25": [], "2028-02-29": [["10:00", "14:00"]]}',
      'a date may be closed, or have hours; leap years have their day')
) as good (hours, rule);
select ok(not coalesce(directory_internal.is_special_hours(hours::jsonb), false), rule)
from (
  values
    ('[]', 'a list is refused'),
    ('{"2026-02-29": []}', 'a day that no calendar has is refused'),
    ('{"2026-13-01": []}', 'a month that no calendar has is refused'),
    ('{"0000-01-01": []}', 'a year that no calendar has is refused'),
    ('{"25.12.2026": []}', 'a date in another form is refused'),
    ('{"2026-12-25": "closed"}', 'a day in words is refused'),
    ('{"2026-12-25": null}', 'a day that is null is refused'),
    ('{"2026-12-25": [["10:00", "14:00"], ["13:00", "15:00"]]}', 'hours that overlap are refused')
) as bad (hours, rule);
select throws_ok(
  $$
    insert into directory.businesses (name, city, state, primary_category_id, business_hours)
    values ('Zqh', 'Zqh', 'TX', gen_random_uuid(), '{"mon": [["25:00", "26:00"]]}')
  $$,
  '23514', null,
  'the table holds its rows to this'
);

select * from finish();
rollback;
