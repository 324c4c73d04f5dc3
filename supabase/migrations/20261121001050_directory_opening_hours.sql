-- Opening hours: what a well-formed week is, and whether a business is open. Hours are wall-clock
-- times of the business, so a change to summer time moves nothing.

create function directory_internal.minute_of_day(clock text)
returns int
language sql
immutable
parallel safe
strict
security invoker
set search_path = ''
as $$
  select case
    when clock ~ '^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$'
      then left(clock, 2)::int * 60 + right(clock, 2)::int
  end;
$$;

comment on function directory_internal.minute_of_day(text) is
  'Minutes from midnight of a time written HH:MM, 00:00 to 24:00; null for anything else.';

create function directory_internal.open_spans(hours jsonb)
returns int4range[]
language plpgsql
immutable
parallel safe
security invoker
set search_path = ''
as $$
declare
  most_spans constant int := 12;
  minutes_a_day constant int := 1440;
  span jsonb;
  opens int;
  closes int;
  spans int4range[] := array[]::int4range[];
begin
  if jsonb_typeof(hours) is distinct from 'array' then
    return null;
  end if;
  if jsonb_array_length(hours) > most_spans then
    return null;
  end if;
  for span in select element from jsonb_array_elements(hours) as element loop
    -- of what is no list, or no text, these are null
    opens := directory_internal.minute_of_day(span ->> 0);
    closes := directory_internal.minute_of_day(span ->> 1);
    if opens is null or closes is null or span -> 2 is not null
      or opens = closes or opens = minutes_a_day
    then
      return null;
    end if;
    if closes < opens then
      closes := closes + minutes_a_day;
    end if;
    if int4range(opens, closes) && any (spans) then
      return null;
    end if;
    spans := spans || int4range(opens, closes);
  end loop;
  return spans;
end;
$$;

comment on function directory_internal.open_spans(jsonb) is
  'The hours of a day as ranges of minutes from its midnight; past 1440 lies the next day. Null '
  'when it is no list of at most 12 pairs [opens, closes] of HH:MM, or two of them overlap.';

create function directory_internal.is_weekly_hours(hours jsonb)
returns boolean
language plpgsql
immutable
parallel safe
security invoker
set search_path = ''
as $$
declare
  days constant text[] := array['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
  minutes_a_day constant int := 1440;
  minutes_a_week constant int := 7 * minutes_a_day;
  day text;
  span int4range;
  shifted int4range;
  spans int4range[];
  week int4range[] := array[]::int4range[];
begin
  if jsonb_typeof(hours) is distinct from 'object' then
    return false;
  end if;
  if hours - days <> '{}' then
    return false;
  end if;
  for day in select key from jsonb_object_keys(hours) as key loop
    spans := directory_internal.open_spans(hours -> day);
    if spans is null then
      return false;
    end if;
    foreach span in array spans loop
      shifted := int4range(
        lower(span) + (array_position(days, day) - 1) * minutes_a_day,
        upper(span) + (array_position(days, day) - 1) * minutes_a_day
      );
      if shifted && any (week) then
        return false;
      end if;
      week := week || shifted;
      -- the night of Sunday is the morning of Monday
      if upper(shifted) > minutes_a_week then
        shifted := int4range(0, upper(shifted) - minutes_a_week);
        if shifted && any (week) then
          return false;
        end if;
        week := week || shifted;
      end if;
    end loop;
  end loop;
  return true;
end;
$$;

comment on function directory_internal.is_weekly_hours(jsonb) is
  'Whether a document is a week of opening hours: mon to sun, each a list as open_spans() takes '
  'it, with nothing that overlaps, past midnight neither. A day that is left out is closed.';

create function directory_internal.is_special_hours(hours jsonb)
returns boolean
language plpgsql
immutable
parallel safe
security invoker
set search_path = ''
as $$
declare
  day text;
begin
  if jsonb_typeof(hours) is distinct from 'object' then
    return false;
  end if;
  for day in select key from jsonb_object_keys(hours) as key loop
    if day !~ '^(19|20|21)[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$' then
      return false;
    end if;
    -- no month has fewer days than this one is asked for
    if right(day, 2)::int > extract(
      day from make_date(left(day, 4)::int, substr(day, 6, 2)::int, 1)
        + interval '1 month' - interval '1 day'
    ) then
      return false;
    end if;
    if directory_internal.open_spans(hours -> day) is null then
      return false;
    end if;
  end loop;
  return true;
end;
$$;

comment on function directory_internal.is_special_hours(jsonb) is
  'Whether a document holds the hours of single days: dates (YYYY-MM-DD, 1900 to 2199), each with '
  'a list as open_spans() takes it.';

create function directory_internal.hours_of_day(weekly jsonb, special jsonb, day date)
returns int4range[]
language sql
stable
parallel safe
security invoker
set search_path = ''
as $$
  select directory_internal.open_spans(
    coalesce(
      special -> to_char(day, 'YYYY-MM-DD'),
      weekly
        -> (array['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'])[extract(isodow from day)::int],
      '[]'
    )
  );
$$;

comment on function directory_internal.hours_of_day(jsonb, jsonb, date) is
  'Hours that hold on a day, as ranges of minutes from its midnight. Parameters: weekly hours, '
  'special hours, the day. A special day replaces the day of the week.';

create function directory.is_open(business_id uuid, at timestamptz default now())
returns boolean
language plpgsql
stable
parallel safe
security invoker
set search_path = ''
as $$
declare
  earliest constant timestamptz := timestamptz '1900-01-02T00:00:00Z';
  latest constant timestamptz := timestamptz '2199-12-31T00:00:00Z';
  minutes_a_day constant int := 1440;
  found_id uuid;
  weekly jsonb;
  special jsonb;
  zone text;
  wall_clock timestamp;
  minute int;
begin
  if at is null or at not between earliest and latest then
    perform private.fail('PL104', 'at', coalesce(at::text, 'null'), earliest::text, latest::text);
  end if;
  select businesses.id, businesses.business_hours, businesses.special_hours, businesses.time_zone
  into found_id, weekly, special, zone
  from directory.businesses
  where businesses.id = is_open.business_id;
  if found_id is null then
    perform private.fail('PT404', 'Business ' || coalesce(is_open.business_id::text, 'null'));
  end if;
  if weekly = '{}' and special = '{}' then
    return null;
  end if;

  wall_clock := at at time zone zone;
  minute := extract(hour from wall_clock)::int * 60 + extract(minute from wall_clock)::int;
  return minute <@ any (directory_internal.hours_of_day(weekly, special, wall_clock::date))
    -- what opened on the day before may go on past midnight
    or minute + minutes_a_day
      <@ any (directory_internal.hours_of_day(weekly, special, wall_clock::date - 1));
end;
$$;

comment on function directory.is_open(uuid, timestamptz) is
  'Whether a business is open at a time (now, when none is given), by its weekly and special hours '
  'in its own time zone. Null when it has told no hours. A night belongs to the day on which it '
  'began. Raises PT404 for a business that is not visible, PL104 for a time outside 1900 to 2199.';

-- the checks of businesses run as the writer, is_open() as the reader
grant execute on function
  directory_internal.is_weekly_hours(jsonb),
  directory_internal.is_special_hours(jsonb)
  to authenticated, service_role;
grant execute on function
  directory_internal.minute_of_day(text),
  directory_internal.open_spans(jsonb),
  directory_internal.hours_of_day(jsonb, jsonb, date),
  directory.is_open(uuid, timestamptz)
  to anon, authenticated, service_role;
