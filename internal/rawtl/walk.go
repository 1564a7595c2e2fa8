package rawtl

import "reflect"

// walk calls visit with every object of gotd's in v, the outer ones first.
func (s *Schema) walk(v reflect.Value, visit func(*shape, reflect.Value) error) error {
	switch v.Kind() {
	case reflect.Interface, reflect.Pointer:
		if v.IsNil() {
			return nil
		}
		return s.walk(v.Elem(), visit)
	case reflect.Slice:
		if v.Type().Elem().Kind() == reflect.Uint8 {
			return nil
		}
		for i := range v.Len() {
			if err := s.walk(v.Index(i), visit); err != nil {
				return err
			}
		}
		return nil
	case reflect.Struct:
	default:
		return nil
	}
	if inner, ok := unboxed(v); ok {
		return s.walk(inner, visit)
	}
	shape, err := s.shape(v.Type())
	if err != nil {
		return err
	}
	if err := visit(shape, v); err != nil {
		return err
	}
	for i := range shape.parts {
		p := &shape.parts[i]
		if !p.given(v) {
			continue
		}
		if err := s.walk(v.Field(p.slot), visit); err != nil {
			return err
		}
	}
	return nil
}
